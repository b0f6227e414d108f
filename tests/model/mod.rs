//! What the model does, mechanism by mechanism.
