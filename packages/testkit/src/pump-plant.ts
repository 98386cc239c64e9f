/** A plant of one pump as a model document; another deadband is another version of it all. */
export const pumpPlant = (deadband: number) => `
classes:
  - { name: pump, tags: [{ name: Flow, dataType: double, unit: L/min, deadband: ${deadband} }, { name: State, dataType: int64 }] }
connections:
  - { name: line, agent: edge-1, driver: opcua, endpoint: 'opc.tcp://127.0.0.1:1', options: { deadband: ${deadband} } }
nodes:
  - { path: acme, level: enterprise }
  - { path: acme/north, level: site, timeZone: Europe/Berlin, description: 'changed ${deadband} times' }
  - { path: acme/north/utilities, level: area }
  - { path: acme/north/utilities/p-01, level: work-center, class: pump, sources: { Flow: { connection: line, address: 'ns=1;s=Flow' } } }
`
