import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: files one after the other keep the servers that they share quick, and failures readable.
    fileParallelism: false,
  },
})
