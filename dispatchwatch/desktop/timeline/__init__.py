"""The timeline: technicians down, hours across, and what every visit was planned, is, and is expected to be."""
