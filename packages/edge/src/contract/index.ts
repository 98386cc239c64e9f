export { type DriverContract, driverContract } from './driver-contract.ts'
export { LineProxy } from './line-proxy.ts'
export { ListenerRecorder } from './listener-recorder.ts'
export type { SimulatedDevice, SimulatedVariable } from './simulated-device.ts'
