/** Planes that go through a network together in one thread: bounds the memory of the activations. */
export const PLANES_AT_ONCE = 8;
