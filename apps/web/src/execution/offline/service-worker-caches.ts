/** Names of what the page puts away and the worker answers with. */
export const shellCache = 'throughline-shell'
export const mediaCache = 'throughline-media'
