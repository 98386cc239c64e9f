export { fileDriver } from './driver.ts'
export { readDocument } from './read-document.ts'
