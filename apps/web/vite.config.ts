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

export default defineConfig({
  root: import.meta.dirname,
  plugins: [unitsCheckedByServer, react()],
  build: {
    target: 'es2023',
    // Nothing inline: the content security policy refuses data: and inline scripts alike.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
