"""One file per platform: what it is told of an alert. They know nothing of each other. `catalog` lists them."""
