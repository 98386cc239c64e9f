export type {
  BrowseItem,
  Driver,
  DriverConfig,
  DriverListener,
  DriverTag,
  DriverType,
  WriteResult,
} from './driver.ts'
