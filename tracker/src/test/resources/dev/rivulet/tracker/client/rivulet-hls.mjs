// Stands in for the built loader for hls.js.
