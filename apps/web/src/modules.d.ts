declare module '*.css'
declare module '@fontsource-variable/inter/wght.css'
declare module 'pdfjs-dist/build/pdf.worker.min.mjs?url' {
  const url: string
  // biome-ignore lint/style/noDefaultExport: so the bundler gives an address
  export default url
}
