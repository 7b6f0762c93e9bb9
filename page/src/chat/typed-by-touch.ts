/** A keyboard on the screen has no Shift to begin a line with: there Enter does, and the button sends. */
export const typedByTouch = (): boolean => matchMedia('(hover: none) and (pointer: coarse)').matches
