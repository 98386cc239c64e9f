import { defineConfig } from 'vitest/config'
import { isDeciding, without } from './scripts/config.ts'
import { controls } from './scripts/kill-table/controls.ts'
import { cutSource } from './scripts/kill-table/cut.ts'

const files = '**/*.test.{ts,tsx}'
const exclude = ['**/node_modules/**', '**/*.reference.test.ts']
/** Tests that start whole programs, or turn on what a process has once: the database server, the registry of operations. */
const needOwnProcess = [
  'packages/{platform,broker,edge,testkit}/**',
  'modules/historian/src/store/**',
  'modules/alarm/src/{watch,notification}/**',
  'drivers/**',
  'apps/{server,edge-agent,demo-plant,verify}/**',
  'scripts/**',
]

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
    globalSetup: 'packages/testkit/src/run-server.ts',
    // What the cache holds was loaded with every control in place.
    fsModuleCache: control === undefined,
    // One more than there are cores: many tests wait for a device, a server or the clock.
    maxWorkers: 3,
    // A starved machine may fail one test in thousands once; the run tells which, and a second failure counts.
    retry: isDeciding ? 1 : 0,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        // Loading the product takes longer than most tests: these files run one after the other in processes that have it.
        test: {
          name: 'shared process',
          isolate: false,
          include: [`{packages,modules,apps}/${files}`],
          exclude: [...exclude, ...needOwnProcess],
        },
      },
      {
        extends: true,
        test: { name: 'own process', include: needOwnProcess.map((folder) => folder.replace('**', files)), exclude },
      },
    ],
  },
})
