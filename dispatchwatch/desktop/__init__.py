"""What a person sees: the only importer of PySide6, qasync and plyer. It meets the engine in `bridge` only."""
