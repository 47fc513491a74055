/** A page as people tell it from others: the end of its session's id, which is chance. */
export const pageMark = (sessionId: string): string => sessionId.slice(-4).toUpperCase();
