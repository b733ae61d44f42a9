/** From light to the screen as the pictures do it (geodata/pictures/tone.py): a gentle film curve. */

import { CustomToneMapping, ShaderChunk, type WebGLRenderer } from "three";

const EXPOSURE = 0.52;
const UNDEFINED = "vec3 CustomToneMapping( vec3 color ) { return color; }";

// Colours stay as they are up to the shoulder, then bend softly and turn pale when very bright.
const FILM = `
vec3 CustomToneMapping( vec3 color ) {
    const float shoulder = 0.62;
    const float contrast = 0.10;
    vec3 light = max( color * toneMappingExposure, 0.0 );
    float peak = max( max( light.r, light.g ), max( light.b, 1e-6 ) );
    float over = max( peak - shoulder, 0.0 );
    float bent = shoulder + ( 1.0 - shoulder ) * over / ( over + 1.0 - shoulder );
    vec3 held = peak > shoulder ? light * ( bent / peak ) : light;
    float fade = ( 1.0 - 1.0 / ( 1.0 + 0.25 * over ) ) * 0.8;
    vec3 mapped = held + ( bent - held ) * fade;
    vec3 curve = mapped * mapped * ( 3.0 - 2.0 * mapped );
    return clamp( mapped + contrast * ( curve - mapped ), 0.0, 1.0 );
}`;

/** Let a renderer develop its frames so. */
export function developAsFilm(renderer: WebGLRenderer): void {
    ShaderChunk.tonemapping_pars_fragment = ShaderChunk.tonemapping_pars_fragment.replace(UNDEFINED, FILM);
    renderer.toneMapping = CustomToneMapping;
    renderer.toneMappingExposure = EXPOSURE;
}
