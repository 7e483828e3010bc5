//! What a function needs from outside itself.
