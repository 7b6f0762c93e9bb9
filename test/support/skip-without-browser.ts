import { beforeEach, inject } from 'vitest'

// Elsewhere than in CI a machine may have no browser; then these tests are skipped, and each says why.
beforeEach((context) => {
  const browser = inject('browser')
  if ('unavailable' in browser) context.skip(browser.unavailable)
})
