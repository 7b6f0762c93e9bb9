import { beforeEach, inject } from 'vitest'

// Elsewhere than in CI a machine may lack what the servers need; then these tests are skipped, and each says why.
beforeEach((context) => {
  const servers = inject('storeServers')
  if (servers !== undefined && 'unavailable' in servers) context.skip(servers.unavailable)
})
