/** A later moment, for orchestrators, which may not make a Date themselves. */
export const addMs = (moment: Date, ms: number): Date => new Date(moment.getTime() + ms)
