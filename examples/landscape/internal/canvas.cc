#include "internal/canvas.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <waybill/core/error.h>

namespace landscape::internal {
namespace {

// An 8x8 ordered dither, from 0 to just below 1.
double threshold(int x, int y) {
  constexpr std::array<std::array<int, 8>, 8> kBayer{{{0, 32, 8, 40, 2, 34, 10, 42},
                                                      {48, 16, 56, 24, 50, 18, 58, 26},
                                                      {12, 44, 4, 36, 14, 46, 6, 38},
                                                      {60, 28, 52, 20, 62, 30, 54, 22},
                                                      {3, 35, 11, 43, 1, 33, 9, 41},
                                                      {51, 19, 59, 27, 49, 17, 57, 25},
                                                      {15, 47, 7, 39, 13, 45, 5, 37},
                                                      {63, 31, 55, 23, 61, 29, 53, 21}}};
  return (kBayer[static_cast<std::size_t>(y & 7)][static_cast<std::size_t>(x & 7)] + 0.5) / 64;
}

std::uint32_t to_byte(double value, double dither) {
  return static_cast<std::uint32_t>(std::floor(clamp01(value) * 255 * 0.99999 + dither));
}

SurfacePtr image(cairo_format_t format, int width, int height) {
  SurfacePtr surface(cairo_image_surface_create(format, width, height));
  const cairo_status_t status = cairo_surface_status(surface.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    throw waybill::Error("Cairo cannot make an image of " + std::to_string(width) + " x " +
                         std::to_string(height) + ": " + cairo_status_to_string(status));
  }
  return surface;
}

std::uint32_t* row_of(cairo_surface_t* surface, int y) {
  unsigned char* const data = cairo_image_surface_get_data(surface);
  return reinterpret_cast<std::uint32_t*>(data + static_cast<std::ptrdiff_t>(y) *
                                                     cairo_image_surface_get_stride(surface));
}

}  // namespace

Raster::Raster(int width, int height)
    : width_(std::max(width, 1)),
      height_(std::max(height, 1)),
      pixels_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)) {}

void Raster::set(int x, int y, const Rgb& color, double alpha) {
  at(x, y) = {static_cast<float>(color.r), static_cast<float>(color.g), static_cast<float>(color.b),
              static_cast<float>(clamp01(alpha))};
}

SurfacePtr Raster::to_surface() const {
  SurfacePtr surface = image(CAIRO_FORMAT_ARGB32, width_, height_);
  cairo_surface_flush(surface.get());
  const Pixel* pixel = pixels_.data();
  for (int y = 0; y < height_; ++y) {
    std::uint32_t* const row = row_of(surface.get(), y);
    for (int x = 0; x < width_; ++x, ++pixel) {
      const double dither = threshold(x, y);
      const std::uint32_t alpha = to_byte(pixel->alpha, dither);
      const double premultiplied = alpha / 255.0;
      // Dithered alike, a channel never exceeds its alpha, as Cairo's format demands.
      const auto channel = [&](float value) {
        return std::min(alpha, to_byte(value * premultiplied, dither));
      };
      row[x] = alpha << 24 | channel(pixel->r) << 16 | channel(pixel->g) << 8 | channel(pixel->b);
    }
  }
  cairo_surface_mark_dirty(surface.get());
  return surface;
}

Canvas::Canvas(int pixel_width, int pixel_height)
    : pixel_width_(pixel_width),
      pixel_height_(pixel_height),
      unit_(pixel_height / kHeight),
      surface_(image(CAIRO_FORMAT_RGB24, pixel_width, pixel_height)),
      cr_(cairo_create(surface_.get())) {
  cairo_scale(cr(), unit_, unit_);
}

std::uint32_t* Canvas::row(int y) {
  cairo_surface_flush(surface_.get());
  return row_of(surface_.get(), y);
}

void Canvas::touched() {
  cairo_surface_mark_dirty(surface_.get());
}

void Canvas::lay(const Raster& raster, double pixel_x, double pixel_y, double scale) {
  const SurfacePtr layer = raster.to_surface();
  double x0 = 0;
  double y0 = 0;
  double x1 = 0;
  double y1 = 0;
  cairo_path_extents(cr(), &x0, &y0, &x1, &y1);
  const bool within_path = x1 > x0;
  cairo_save(cr());
  cairo_identity_matrix(cr());
  cairo_translate(cr(), pixel_x, pixel_y);
  cairo_scale(cr(), scale, scale);
  cairo_set_source_surface(cr(), layer.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr()),
                           scale == 1 ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BILINEAR);
  cairo_pattern_set_extend(cairo_get_source(cr()), CAIRO_EXTEND_PAD);
  if (!within_path) cairo_rectangle(cr(), 0, 0, raster.width(), raster.height());
  cairo_fill(cr());
  cairo_restore(cr());
}

}  // namespace landscape::internal
