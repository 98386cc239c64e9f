export { type BufferedBatch, SampleBuffer, type SampleBufferConfig } from './buffer/sample-buffer.ts'
export type { BackOff } from './connection/connection-supervisor.ts'
export type {
  BrowseItem,
  Driver,
  DriverConfig,
  DriverListener,
  DriverTag,
  DriverType,
  WriteResult,
} from './driver.ts'
export { EdgeRuntime, type EdgeRuntimeConfig } from './edge-runtime.ts'
export { FaultRegistry } from './fault/fault-registry.ts'
