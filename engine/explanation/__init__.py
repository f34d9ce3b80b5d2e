"""Why an image got its prediction: pixel by pixel, by the smallest change, by similar images."""
