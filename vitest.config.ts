import { defineConfig } from 'vitest/config'
import { isDeciding, without } from './scripts/config.ts'
import { controls } from './scripts/kill-table/controls.ts'
import { cutSource } from './scripts/kill-table/cut.ts'

const control = controls.find(({ id }) => id === without)

export default defineConfig({
  plugins: [
    {
      name: 'without-a-control',
      enforce: 'pre',
      transform: (source, path) => (control === undefined ? null : cutSource(control.cuts, path, source)),
    },
  ],
  test: {
    // What the cache holds was loaded with every control in place.
    fsModuleCache: control === undefined,
    include: ['{packages,modules,drivers,apps,scripts}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/*.reference.test.ts'],
    // One more than there are cores: many tests wait for a device, a server or the clock.
    maxWorkers: 3,
    // A starved machine may fail one test in thousands once; the run tells which, and a second failure counts.
    retry: isDeciding ? 1 : 0,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
