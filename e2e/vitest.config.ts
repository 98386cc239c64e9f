import { defineConfig } from 'vitest/config'
import type { TestSpecification } from 'vitest/node'
import { BaseSequencer } from 'vitest/node'

/** What takes longest, longest first: begun last, one of them would be left alone at the end. */
const long = ['alarms', 'performance', 'pages', 'sign-in', 'people'].map((name) => `/journeys/${name}.test.ts`)

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = long.findIndex((name) => moduleId.endsWith(name))
      return place === -1 ? long.length : place
    }
    return [...files].sort((a, b) => placeOf(a) - placeOf(b))
  }
}

/** The tests that run a whole plant. Three journeys at a time: plant and browser of one wait for each other most of the time. */
export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    sequence: { sequencer: LongFirst },
  },
})
