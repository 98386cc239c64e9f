/** A small plant of two sites, as a model document. */
export const twoSites = `classes:
  - name: Vessel
    description: Anything with a wall
    tags:
      - name: Temperature
        description: Inner wall
        dataType: double
        unit: Cel
        rangeLow: 0
        rangeHigh: 60
        normalLow: 36.5
        deadband: 0.05
        decimals: 1
      - { name: Running, dataType: boolean }
connections:
  - name: bio-opc
    agent: edge-bio
    driver: opcua
    endpoint: opc.tcp://127.0.0.1:4840
    options: { securityMode: None, publishMs: 250 }
  - { name: aero-opc, agent: edge-aero, driver: opcua, endpoint: "opc.tcp://127.0.0.1:4841", options: {} }
  - { name: spare, agent: edge-x, driver: modbus, endpoint: "tcp://127.0.0.1:502", options: {} }
nodes:
  - { path: Aurora, level: enterprise }
  - { path: Aurora/BIO, level: site, timeZone: Europe/Dublin }
  - { path: Aurora/BIO/Up, level: area, description: Cell culture }
  - path: Aurora/BIO/Up/BR-01
    level: work-unit
    class: Vessel
    sources:
      Temperature: { connection: bio-opc, address: "ns=2;s=BR-01.T", scale: 0.1, offset: -40, sampleMs: 500 }
  - path: Aurora/BIO/Up/BR-02
    level: work-unit
    class: Vessel
    sources:
      Temperature: { connection: bio-opc, address: "ns=2;s=BR-02.T" }
  - { path: Aurora/AERO, level: site, timeZone: Europe/Berlin }
  - { path: Aurora/AERO/Cure, level: work-center }
  - path: Aurora/AERO/Cure/AUT-01
    level: work-unit
    class: Vessel
    sources:
      Temperature: { connection: aero-opc, address: "ns=2;s=AUT-01.T" }
`
