export { AlarmBuffer, type AlarmBufferConfig } from './alarm/alarm-buffer.ts'
export { type BufferedBatch, SampleBuffer, type SampleBufferConfig } from './buffer/sample-buffer.ts'
export type { BackOff } from './connection/connection-supervisor.ts'
export { DocumentBuffer, type DocumentBufferConfig, type WaitingDocument } from './document/document-buffer.ts'
export type {
  AlarmReport,
  BrowseItem,
  DocumentOutcome,
  Driver,
  DriverConfig,
  DriverDocument,
  DriverListener,
  DriverTag,
  DriverType,
  WriteResult,
} from './driver.ts'
export { EdgeRuntime, type EdgeRuntimeConfig } from './edge-runtime.ts'
export { FaultRegistry } from './fault/fault-registry.ts'
export {
  characteristicOf,
  curveOf,
  type DocumentField,
  type DocumentFields,
  documentFields,
  statusOf,
} from './payload/document-mapping.ts'
export { type JsonNode, parseJson } from './payload/json.ts'
export { JsonPath } from './payload/json-path.ts'
export { type DecimalMark, numberIn, type Scalar, scalarOf, typeOf } from './payload/scalar.ts'
export { TimeReader } from './payload/time-reader.ts'
