/** The function that stripped code calls in each loop and function; the frame puts it there, see `frame.ts`. */
export const GUARD = '__stillAlive';
