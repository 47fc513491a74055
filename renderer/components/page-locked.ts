import { createContext } from 'react';

/** Whether the page is locked, or over, around what is on it: what others have typed there is not kept for who comes back. */
export const PageLocked = createContext(false);
