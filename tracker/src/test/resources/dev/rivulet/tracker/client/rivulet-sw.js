// Stands in for the built service worker.
