"""What a person or a program reads of a run: `text` for people, `json_file` for programs."""
