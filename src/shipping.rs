//! Function analysis for the TypeScript side of shipping.
