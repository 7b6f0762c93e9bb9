/** What the worker and the simulated model print, alone on a line, when they serve. */
export const readyLines = { worker: 'perdure worker ready', model: 'perdure simulated model ready', codec: 'perdure codec server ready', http: 'perdure server ready' } as const
