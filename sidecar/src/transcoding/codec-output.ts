/**
 * Options for codecs made by Emscripten, which make the object theirs. What they print of a broken frame is neither in the
 * log's format nor known to be free of what the frame holds; how it failed is told by their answer.
 */
export const silently = () => ({ print: () => undefined, printErr: () => undefined });
