import { defineConfig } from 'vite'

/** The page, built into `dist/page`, from where the server gives it out. `npx vite page` shows it while one works on it, with a server at the usual port. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
    // What it would add runs from within the document, which the content security policy forbids.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  // Under the name that the browser knows: the server takes changes from no page of another host.
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8283', changeOrigin: false } } },
  logLevel: 'warn',
})
