import {
  AmbientLight,
  Box3,
  DirectionalLight,
  PerspectiveCamera,
  Scene,
  Sphere,
  Spherical,
  Texture,
  Vector3,
  WebGLRenderer,
} from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import type { GLTFParser } from 'three/addons/loaders/GLTFLoader.js'
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js'

/** A model on the page. */
export interface ModelScene {
  /** Steps around, over, and towards (−1) or away from it. */
  turn(around: number, over: number, away: number): void
  close(): void
}

const stepRad = Math.PI / 12

/** Draws a glTF file into a place, and again whenever it is turned. */
export async function showModel(place: HTMLElement, source: string): Promise<ModelScene> {
  const renderer = new WebGLRenderer({ antialias: true, alpha: true })
  const answer = await fetch(source)
  if (!answer.ok) throw new Error(`the plant answered ${answer.status}`)
  const loader = new GLTFLoader().register((parser) => new EmbeddedTextures(parser))
  const { scene: model } = await loader.parseAsync(await answer.arrayBuffer(), '')
  const scene = new Scene()
  const sun = new DirectionalLight(0xffffff, 2)
  scene.add(model, new AmbientLight(0xffffff, 1.5), sun)

  const { center, radius } = new Box3().setFromObject(model).getBoundingSphere(new Sphere())
  const camera = new PerspectiveCamera(40, 1, radius / 100, radius * 100)
  camera.position.copy(center).add(new Vector3(1, 0.7, 1.4).setLength(radius * 3))
  const controls = new OrbitControls(camera, renderer.domElement)
  controls.target.copy(center)
  controls.minDistance = radius * 0.5
  controls.maxDistance = radius * 20

  const paint = (): void => {
    sun.position.copy(camera.position)
    renderer.render(scene, camera)
  }
  function resize(): void {
    const { clientWidth: width, clientHeight: height } = place
    if (width === 0 || height === 0) return
    renderer.setPixelRatio(Math.min(devicePixelRatio, 2))
    renderer.setSize(width, height)
    camera.aspect = width / height
    camera.updateProjectionMatrix()
    paint()
  }
  controls.addEventListener('change', paint)
  const watch = new ResizeObserver(resize)
  place.replaceChildren(renderer.domElement)
  watch.observe(place)
  controls.update()
  resize()

  return {
    turn(around, over, away) {
      const place = new Spherical().setFromVector3(camera.position.clone().sub(controls.target))
      place.theta += around * stepRad
      place.phi = Math.min(Math.PI - 0.05, Math.max(0.05, place.phi + over * stepRad))
      place.radius = Math.min(controls.maxDistance, Math.max(controls.minDistance, place.radius * 1.2 ** away))
      camera.position.setFromSpherical(place).add(controls.target)
      controls.update()
      paint()
    },
    close() {
      watch.disconnect()
      controls.dispose()
      renderer.dispose()
      place.replaceChildren()
    },
  }
}

interface TextureDefinition {
  readonly source?: number
}
interface ImageDefinition {
  readonly bufferView?: number
  readonly mimeType?: string
}

/** Pictures inside the file, without an address: the pages load nothing from addresses that they made themselves. */
class EmbeddedTextures {
  readonly name = 'embedded-textures'
  readonly #parser: GLTFParser

  constructor(parser: GLTFParser) {
    this.#parser = parser
  }

  async loadTexture(index: number): Promise<Texture> {
    const { textures = [], images = [] } = this.#parser.json as {
      textures?: TextureDefinition[]
      images?: ImageDefinition[]
    }
    const { bufferView, mimeType = 'image/png' } = images[textures[index]?.source ?? -1] ?? {}
    if (bufferView === undefined) throw new Error('its pictures lie outside the file')
    const bytes = (await this.#parser.getDependency('bufferView', bufferView)) as ArrayBuffer
    const texture = new Texture(await createImageBitmap(new Blob([bytes], { type: mimeType })))
    texture.flipY = false
    texture.needsUpdate = true
    return texture
  }
}
