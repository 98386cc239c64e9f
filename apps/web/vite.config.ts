import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vite'

/**
 * The page reads what the server has already checked, so it carries no table of units. What a person types into a unit
 * field is checked by the server's answer.
 */
const unitsCheckedByServer: Plugin = {
  name: 'units-checked-by-server',
  enforce: 'pre',
  resolveId: (source) => (source === '@atomic-ehr/ucum' ? '\0units-checked-by-server' : undefined),
  load: (id) =>
    id === '\0units-checked-by-server' ? 'export const ucum = { validate: () => ({ valid: true }) }' : undefined,
}

// Vite builds for development whenever the caller's NODE_ENV says so, as it does under the test runner; pages are always
// built as people get them.
// biome-ignore lint/style/noProcessEnv: set here, read by vite itself
process.env['NODE_ENV'] = 'production'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [unitsCheckedByServer, react()],
  build: {
    target: 'es2023',
    // Nothing inline: the content security policy refuses data: and inline scripts alike.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: `${import.meta.dirname}/index.html`,
        'service-worker': `${import.meta.dirname}/src/execution/offline/service-worker.ts`,
      },
      // The worker of a whole site stands at its root, under one name.
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
})
