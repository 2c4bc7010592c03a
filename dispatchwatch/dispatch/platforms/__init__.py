"""One file per platform; they know nothing of each other. `catalog` lists them."""
