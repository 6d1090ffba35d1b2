"""What is found while texts and files are read. These rules have a name, a severity and a page, and check nothing."""
