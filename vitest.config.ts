import { defineConfig } from 'vitest/config'
import { controls } from './scripts/kill-table/controls.ts'
import { cutSource } from './scripts/kill-table/cut.ts'

/** The control that `npm run kill-table` takes out for this run. */
const without = controls.find(({ id }) => id === process.env['THROUGHLINE_TEST_WITHOUT'])

export default defineConfig({
  plugins: [
    {
      name: 'without-a-control',
      enforce: 'pre',
      transform: (source, path) => (without === undefined ? null : cutSource(without.cuts, path, source)),
    },
  ],
  test: {
    include: ['{packages,modules,drivers,apps,scripts}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/*.reference.test.ts'],
    // Two cores, and every module test starts a PostgreSQL of its own.
    maxWorkers: 2,
    // A starved machine may fail one test in thousands once; the run tells which, and a second failure counts.
    retry: process.env['CI'] === undefined ? 0 : 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
