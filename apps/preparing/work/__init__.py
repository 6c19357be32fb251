"""Reading the files of a version batch by batch, doing what the recipe says, writing the view."""
