export { type Broker, type BrokerOptions, startBroker } from './broker.ts'
export type { BrokerLimits } from './protocol.ts'
export { allows, type BrokerRights, covers } from './rights.ts'
