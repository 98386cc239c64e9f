export { actorWith } from './actor.ts'
export { type HandClock, handClock } from './clock.ts'
export { createTestDatabase, type TestDatabase } from './database.ts'
export { waitFor } from './wait-for.ts'
