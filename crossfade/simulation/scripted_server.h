// ScriptedServer: a server for the tests of this room that does what a script says, however wrong.
// Plain blocking sockets, a thread per connection.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "crossfade/base/check.h"
#include "crossfade/base/text.h"

namespace crossfade {

class ScriptedServer {
 public:
  struct Act {
    std::string bytes;      // sent as they are
    bool close = false;     // the connection, afterwards
    int delay_ms = 0;       // before sending
    bool stop_all = false;  // the server dies: nobody listens there any more
  };
  // What to do about the n-th request (from 0, over all connections); `request` is whole.
  using Script = std::function<Act(const std::string& request, int n)>;

  explicit ScriptedServer(Script script) : script_(std::move(script)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CROSSFADE_CHECK(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0,
                    "a free port is bound");
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    ::listen(listener_, 64);
    accepting_ = std::thread([this] { accept_all(); });
  }
  ~ScriptedServer() {
    stop();
    accepting_.join();
    for (std::thread& thread : threads_) thread.join();
    for (const int socket : sockets_) ::close(socket);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  // The whole requests of each connection, in the order of their coming.
  std::vector<std::vector<std::string>> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

  // An answer with this status and body.
  static std::string answer(const std::string& body, const std::string& status = "200 OK") {
    return "HTTP/1.1 " + status +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }
  static std::string next(std::int64_t track) {
    return answer("{\"user\": 1, \"track\": " + std::to_string(track) + "}\n");
  }

 private:
  void stop() {
    const std::lock_guard lock(mutex_);
    if (listener_ >= 0) {
      ::shutdown(listener_, SHUT_RDWR);
      ::close(listener_);
    }
    listener_ = -1;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }

  void accept_all() {
    for (;;) {
      const int listener = [this] {
        const std::lock_guard lock(mutex_);
        return listener_;
      }();
      const int socket = listener < 0 ? -1 : ::accept(listener, nullptr, nullptr);
      if (socket < 0) return;
      const std::lock_guard lock(mutex_);
      sockets_.push_back(socket);
      const std::size_t place = seen_.size();
      seen_.emplace_back();
      threads_.emplace_back([this, socket, place] { serve(socket, place); });
    }
  }

  // The next whole request, or "" when the client has gone.
  static std::string receive(int socket, std::string& buffer) {
    char piece[4096];
    for (;;) {
      const std::size_t head = buffer.find("\r\n\r\n");
      if (head != std::string::npos) {
        const std::size_t length = buffer.find("Content-Length: ");
        const auto body = static_cast<std::size_t>(std::stoul(buffer.substr(length + 16)));
        if (buffer.size() >= head + 4 + body) {
          const std::string request = buffer.substr(0, head + 4 + body);
          buffer.erase(0, request.size());
          return request;
        }
      }
      const ssize_t count = ::recv(socket, piece, sizeof piece, 0);
      if (count <= 0) return "";
      buffer.append(piece, static_cast<std::size_t>(count));
    }
  }

  void serve(int socket, std::size_t place) {
    std::string buffer;
    for (;;) {
      const std::string request = receive(socket, buffer);
      if (request.empty()) return;
      int number = 0;
      {
        const std::lock_guard lock(mutex_);
        number = requests_++;
        seen_[place].push_back(request);
      }
      const Act act = script_(request, number);
      if (act.stop_all) return stop();
      std::this_thread::sleep_for(std::chrono::milliseconds(act.delay_ms));
      (void)::send(socket, act.bytes.data(), act.bytes.size(), MSG_NOSIGNAL);
      if (act.close) {
        ::shutdown(socket, SHUT_RDWR);
        return;
      }
    }
  }

  Script script_;
  int listener_ = -1, port_ = 0;
  std::mutex mutex_;
  std::thread accepting_;
  std::vector<std::thread> threads_;
  std::vector<int> sockets_;
  std::vector<std::vector<std::string>> seen_;
  int requests_ = 0;
};

}  // namespace crossfade
