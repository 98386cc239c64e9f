export type { Config } from './config.ts'
export { EdgeAgent } from './edge-agent.ts'
