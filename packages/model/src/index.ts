export {
  Alarm,
  AlarmEvent,
  AlarmState,
  AlarmSummary,
  AlarmTransition,
  acknowledgeAlarms,
  listAlarmHistory,
  listAlarms,
  MachineAnswer,
  resetAlarms,
  returnAlarmToService,
  shelveAlarm,
  takeAlarmOutOfService,
  unshelveAlarm,
} from './alarm/alarm.ts'
export { AlarmKpis, getAlarmKpis } from './alarm/alarm-kpi.ts'
export {
  AlarmCondition,
  AlarmDefinition,
  AlarmImportChange,
  AlarmPhilosophy,
  AlarmPriority,
  AlarmSeverity,
  adoptAlarmDefinitions,
  alarmDefinitionSignatures,
  draftAlarmDefinition,
  exportAlarmDefinitions,
  getPhilosophy,
  getPhilosophyDocument,
  importAlarmDefinitions,
  listAlarmDefinitions,
  listUnmappedAlarmSources,
  retireAlarmDefinition,
  setPhilosophy,
  TimeToRespond,
} from './alarm/definition.ts'
export { AlarmCall, AlarmRoster, listAlarmCalls, listRosters, setRoster } from './alarm/notification.ts'
export { type Client, createClient, Problem, unattendedHeader } from './client.ts'
export { AgentStatus, SampleAcknowledgement, wireTopics } from './edge/agent-status.ts'
export { MachineAlarm, MachineAlarmBatch, machineAlarmSource } from './edge/alarm-report.ts'
export { AgentCommand, CommandOutcome, CommandReply, CommandRequest } from './edge/command.ts'
export {
  DocumentAnswer,
  DocumentDescription,
  DocumentKind,
  findDocument,
  listDocuments,
  MeasuredCharacteristic,
  MeasuredCurve,
  ParsedDocument,
  PlantDocument,
  ReportedStatistics,
} from './edge/document.ts'
export { type DocumentChunk, decodeDocumentChunk, encodeDocumentChunk } from './edge/document-chunk.ts'
export { AgentConfiguration, getAgentConfiguration } from './equipment/agent-configuration.ts'
export {
  Asset,
  Calibration,
  CleaningStatus,
  listAssets,
  listCalibrations,
  listCleaning,
  recordCalibration,
  registerAsset,
  setAssetState,
  setCleaningRule,
} from './equipment/asset.ts'
export { Connection, listConnections } from './equipment/connection.ts'
export {
  classVersionSignatures,
  draftClass,
  EquipmentClassVersion,
  listClasses,
  publishClass,
  TagTemplate,
} from './equipment/equipment-class.ts'
export { createNode, EquipmentNode, listNodes, NodeLevel } from './equipment/node.ts'
export { beginOutage, endOutage, listOutages, Outage } from './equipment/outage.ts'
export { applyModel, exportModel, ModelChange, PlantModel, planModel } from './equipment/plant-model.ts'
export {
  disqualifyEquipment,
  EquipmentQualification,
  listQualifiedEquipment,
  qualifyEquipment,
} from './equipment/qualification.ts'
export { getTag, listTags, Tag, TagSource } from './equipment/tag.ts'
export type { DomainEventName, DomainEvents } from './event.ts'
export { checkGates, Gate, GateKind, GateOverride, overrideGate, ProgramCheck } from './execution/gate.ts'
export {
  adoptDefinitions,
  draftInstruction,
  findMedia,
  getInstruction,
  InstructionStep,
  instructionSignatures,
  listInstructions,
  retireInstruction,
  StepType,
  storeMedia,
  WorkInstruction,
} from './execution/instruction.ts'
export {
  closeLogbook,
  correctLogbook,
  isEnteredLate,
  Logbook,
  LogbookEntry,
  LogbookField,
  LogbookKind,
  LogbookReview,
  listLogbookEntries,
  listLogbooks,
  reviewLogbook,
  setLogbook,
  writeLogbook,
} from './execution/logbook.ts'
export {
  cancelOrder,
  closeOrder,
  createOrder,
  endOrderHold,
  getOrder,
  getReadiness,
  holdOrder,
  importOrders,
  listOrders,
  Order,
  OrderHold,
  OrderState,
  releaseOrder,
  setOrderPriority,
  splitOrder,
} from './execution/order.ts'
export {
  AskedMaterial,
  completeRun,
  getRun,
  joinRun,
  listDispatch,
  listOrderRuns,
  OperationRun,
  pauseRun,
  RunPiece,
  RunState,
  reportRun,
  resumeRun,
  skipRun,
  startRun,
} from './execution/run.ts'
export {
  correctStep,
  listRefusedEntries,
  QueuedEntry,
  RefusedEntry,
  recordStep,
  registerDeviceKey,
  StepEntry,
  StepValue,
  signStep,
  submitQueue,
  verifyStep,
} from './execution/step-entry.ts'
export {
  draftWorkDefinition,
  listWorkDefinitions,
  RoutingOperation,
  retireWorkDefinition,
  WorkDefinition,
  workDefinitionSignatures,
} from './execution/work-definition.ts'
export { Fault } from './fault.ts'
export {
  ContextInterval,
  ContextKind,
  correctContext,
  listContexts,
  listSamplesInContext,
  openContext,
} from './historian/context-interval.ts'
export { getRetention, Retention, setRetention } from './historian/retention.ts'
export { correctSample, listLastSamples, listSamples, StoredSample } from './historian/sample.ts'
export {
  exportSamples,
  getAggregate,
  getTimeInState,
  getTrend,
  TrendSeries,
} from './historian/trend.ts'
export { listUnmappedSources, mapSource, UnmappedSource } from './historian/unmapped-source.ts'
export {
  AccessDecision,
  AccessReview,
  AccessReviewLine,
  AccountAccess,
  accessReviewSignatures,
  completeAccessReview,
  decideAccess,
  getAccessReport,
  getAccessReview,
  listAccessReviews,
  openAccessReview,
} from './identity/access-review.ts'
export {
  Badge,
  BadgeCode,
  getOwnBadge,
  issueBadge,
  listBadges,
  openSessionWithBadge,
  revokeBadge,
  setPin,
} from './identity/badge.ts'
export {
  changePassword,
  changeSignInPolicy,
  getOwnCredentials,
  getSignInPolicy,
  OwnCredentials,
  resetSecondFactor,
  SignInPolicy,
} from './identity/credential.ts'
export {
  createMachineAccount,
  listMachineAccounts,
  MachineAccount,
  MachineAccountEntry,
  revokeMachineAccount,
} from './identity/machine-account.ts'
export {
  beginPasskeyRegistration,
  beginPasskeySignIn,
  listPasskeys,
  Passkey,
  PasskeyRegistration,
  registerPasskey,
  removePasskey,
  signInWithPasskey,
} from './identity/passkey.ts'
export { PasskeyAssertion } from './identity/passkey-assertion.ts'
export {
  ActivationLink,
  activatePerson,
  approvePerson,
  disablePerson,
  enablePerson,
  invitePerson,
  listPersons,
  Password,
  Person,
  PersonAccount,
  PersonName,
  RoleGrant,
  renamePerson,
  renewActivation,
  setPersonGrants,
} from './identity/person.ts'
export {
  grantQualification,
  listQualifiable,
  listQualifications,
  Qualification,
  revokeQualification,
} from './identity/qualification.ts'
export {
  CurrentSession,
  closeSession,
  getCurrentSession,
  listOwnSessions,
  listSessions,
  lockSession,
  OpenSession,
  openSession,
  terminateOwnSession,
  terminateSession,
} from './identity/session.ts'
export {
  beginPasskeySignature,
  listSignatures,
  prepareSignature,
  Signature,
  SignatureInput,
  SignatureMeaning,
  SignatureProof,
  SigningMethod,
  SigningPreparation,
  signRecord,
} from './identity/signature.ts'
export { findSignaturePolicy, type SignaturePolicy, signaturePolicy } from './identity/signature-policy.ts'
export { recordTitle, signatureSentence } from './identity/signature-words.ts'
export {
  beginSingleSignOn,
  completeSingleSignOn,
  endSessionsByProvider,
  getProviderLogout,
  listSignInProviders,
  ProviderName,
} from './identity/single-sign-on.ts'
export {
  getCurrentStation,
  listStations,
  registerStation,
  retireStation,
  Station,
} from './identity/station.ts'
export { getSignInNotice, stepUp } from './identity/step-up.ts'
export { confirmTotp, enrolTotp, removeTotp, renewRecoveryCodes } from './identity/totp.ts'
export { LiveFrame, LiveReading, LiveRequest, LiveTopic } from './live/protocol.ts'
export {
  Container,
  closeContainer,
  getLabel,
  Label,
  listContainers,
  makeContainer,
  moveContainer,
  packContainer,
} from './material/container.ts'
export {
  adoptMaterialDefinitions,
  BillOfMaterial,
  BomLine,
  draftBom,
  draftMaterialDefinition,
  listBoms,
  listMaterialDefinitions,
  MaterialDefinition,
  retireBom,
  retireMaterialDefinition,
} from './material/definition.ts'
export {
  countLot,
  disposeLot,
  getLot,
  Lot,
  LotStatus,
  listLots,
  listMovements,
  MaterialMovement,
  mergeLots,
  moveLot,
  OutLife,
  receiveLot,
  reconcileMaterial,
  resolveScan,
  setLotStatus,
  splitLot,
  transformLot,
} from './material/lot.ts'
export { confirmWeighing, listWeighings, Weighing, weigh } from './material/weighing.ts'
export { listOperations, type Operation, operation } from './operation.ts'
export { AndonCall, acknowledgeCall, callHelp, listCalls, resolveCall } from './performance/andon.ts'
export {
  ClockTime,
  cancelPlannedStop,
  listCalendars,
  listPlannedStops,
  listShifts,
  PlannedStop,
  planStop,
  Shift,
  ShiftPattern,
  setCalendar,
  WorkCalendar,
} from './performance/calendar.ts'
export { CountEntry, correctCount, listCounts, recordCount } from './performance/count.ts'
export {
  getKpis,
  KpiDefinition,
  KpiElements,
  KpiGroup,
  KpiRow,
  KpiValue,
  listKpiDefinitions,
  listShiftResults,
  ShiftResult,
} from './performance/kpi.ts'
export { LineSetting, listLines, setLine } from './performance/line.ts'
export { compareKpis, getLosses, getShiftReport, LossReason, LossStep } from './performance/loss.ts'
export {
  CurrentState,
  listCurrentStates,
  listStates,
  MachineState,
  recordState,
  StateInterval,
} from './performance/machine-state.ts'
export { findPhoto } from './performance/photo.ts'
export { listReasons, Reason, retireReason, StopCategory, setReason } from './performance/reason.ts'
export {
  CounterSignal,
  listStandards,
  listStateRules,
  ProductStandard,
  StateRule,
  StateSignal,
  setStandard,
  setStateRule,
} from './performance/state-rule.ts'
export {
  commentStop,
  explainStop,
  getStop,
  listStops,
  mergeStops,
  reclassifyStop,
  Stop,
  StopComment,
  splitStop,
  suggestReasons,
} from './performance/stop.ts'
export { type Permission, permissions, type Role, roles } from './permission.ts'
export {
  AuditEntry,
  getAuditEntry,
  listAuditEntries,
  listRecordChanges,
  RecordChange,
} from './platform/audit-entry.ts'
export {
  AuditReview,
  AuditReviewFinding,
  AuditReviewScope,
  AuditRisk,
  auditReviewSignatures,
  completeAuditReview,
  getAuditReview,
  listAuditReviews,
  listReviewedEntries,
  noteAuditReviewFinding,
  openAuditReview,
} from './platform/audit-review.ts'
export { getDiagnostics } from './platform/diagnostics.ts'
export { type FieldDifference, fieldDifferences } from './platform/difference.ts'
export {
  BundleSubject,
  checkLedger,
  exportLedger,
  getLedgerStatus,
  LedgerFinding,
  rotateLedgerKey,
} from './platform/ledger.ts'
export { RecordRef, RecordVersion } from './platform/record.ts'
export { attemptWords, deedWords, fieldWords, recordKinds, recordNoun, valueText } from './platform/record-words.ts'
export {
  Code,
  idOf,
  PathName,
  Texts,
  VersionState,
  Window,
} from './primitives.ts'
export {
  closeDeviation,
  Deviation,
  DeviationState,
  Disposition,
  getDeviation,
  listDeviations,
  noteDeviation,
  openDeviation,
  voidDeviation,
} from './quality/deviation.ts'
export {
  CharacteristicResult,
  Inspection,
  listInspections,
  recordInspection,
} from './quality/inspection.ts'
export {
  DataType,
  fromJsonValue,
  JsonValue,
  overflowBits,
  Quality,
  qualityOf,
  type Sample,
  type SampleValue,
  statusCode,
  toJsonValue,
} from './sample.ts'
export { decodeSampleBatch, encodeSampleBatch, type SampleBatch, sampleAt, valueAt, valueKind } from './sample-batch.ts'
export { AsBuilt, exportAsBuilt, getAsBuilt, proveAsBuilt } from './traceability/as-built.ts'
export type { ConformityCertificate } from './traceability/conformity.ts'
export { draftConformity, exportConformity, listConformity, releaseConformity } from './traceability/conformity.ts'
export {
  endRecallDrill,
  exportGenealogy,
  exportRecallDrill,
  getRecallDrill,
  listRecallDrills,
  RecallDrill,
  rebuildGraph,
  startRecallDrill,
  ThreadEdge,
  ThreadNode,
  ThreadNodeShown,
  traceGenealogy,
} from './traceability/genealogy.ts'
export { UcumUnit } from './unit.ts'
