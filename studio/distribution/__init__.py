"""What leaves the studio: tagged MP3, transcripts, chapters, reports, and the folder that holds them."""
