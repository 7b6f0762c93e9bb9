import fc from 'fast-check'

// CI tries the same cases each time, so that a change is judged by what it changes; everywhere else each run tries new ones, and a failing
// one prints its seed.
if (process.env['CI']) fc.configureGlobal({ seed: 20_261_121 })
