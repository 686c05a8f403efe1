// Router: which routes answer a path. Everything that is not ours is botify's, whose 404 page a
// client of the original expects.
#pragma once

#include "crossfade/service/routes_botify.h"
#include "crossfade/service/routes_v1.h"

namespace crossfade {

class Router final : public HttpHandler {
 public:
  // botify's tracks are the items of `tracks_domain` ("" = the first), and `log` is botify's log
  // or null. All must outlive this object.
  Router(Backend& backend, const Clock& clock, std::string tracks_domain = "",
         DataLog* log = nullptr)
      : botify_(backend, clock, std::move(tracks_domain), log), v1_(backend, clock) {}

  void handle(const HttpRequest& request, HttpResponse& response) override {
    if (request.path.starts_with("/v1/") || request.path.starts_with("/health/"))
      v1_.handle(request, response);
    else
      botify_.handle(request, response);
  }

 private:
  const BotifyRoutes botify_;
  const V1Routes v1_;
};

}  // namespace crossfade
