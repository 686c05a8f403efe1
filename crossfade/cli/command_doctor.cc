// crossfade doctor: what this machine has and lacks for Crossfade.
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/kernels/isa.h"

namespace crossfade {
namespace {

class DoctorCommand final : public Command {
 public:
  std::string name() const override { return "doctor"; }
  std::string summary() const override { return "say what this machine has and lacks"; }
  void declare(Arguments&) override {}

  Status run(Session& session) override {
    const auto cores = static_cast<std::int64_t>(std::thread::hardware_concurrency());
    const std::int64_t memory = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) *
                                static_cast<std::int64_t>(::sysconf(_SC_PAGESIZE));
    std::error_code error;
    const auto space = std::filesystem::space(".", error);
    const auto free_bytes = error ? 0 : static_cast<std::int64_t>(space.available);
    TableBlock facts({"what", "found"});
    facts.add_row({Cell::text("cores"), Cell::count(cores)});
    facts.add_row({Cell::text("memory"), Cell::text(format_bytes(memory))});
    facts.add_row({Cell::text("free disk here"), Cell::text(format_bytes(free_bytes))});
    facts.add_row({Cell::text("instruction set in use"), Cell::text(kernels::isa_name())});
    facts.add_row({Cell::text("instruction sets there are"),
                   Cell::text(join(kernels::supported_isas(), ", "))});
    Document document("This machine");
    document.add_table(std::move(facts));
    session.print(document, Json::object()
                                .set("cores", cores)
                                .set("memory_bytes", memory)
                                .set("free_bytes", free_bytes)
                                .set("isa", kernels::isa_name()));
    return ok_status();
  }
};

}  // namespace

std::unique_ptr<Command> make_doctor_command() {
  return std::make_unique<DoctorCommand>();
}

}  // namespace crossfade
