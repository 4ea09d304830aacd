//! Text and places: files, spans, and the YAML document whose every key and value knows where it stands.
