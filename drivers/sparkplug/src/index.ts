export type { SparkplugDataType } from './data-type.ts'
export type { MetricWrite } from './edge-node/command.ts'
export { type EdgeNodeOptions, SparkplugEdgeNode } from './edge-node/edge-node.ts'
export type { MetricChange, MetricDefinition, MetricQuality } from './edge-node/metric-table.ts'
